"""leadqual."""
