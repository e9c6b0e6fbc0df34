"""What an app records goes to a journal on its own disk at once, and to the ledger soon after."""
