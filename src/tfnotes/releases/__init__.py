"""Running the ledger and the pages on other TensorFlow releases, in environments of their own."""
