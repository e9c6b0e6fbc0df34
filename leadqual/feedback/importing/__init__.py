"""A CRM's export as events: what its columns say, which of its rows are new, and which ids changed."""
