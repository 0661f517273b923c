"""Reads old TensorFlow code without running it and reports what the ledger knows of it.

`tfnotes.doctor.examine.examine` is where to begin; nothing here imports TensorFlow.
"""
