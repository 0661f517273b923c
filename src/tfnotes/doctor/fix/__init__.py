"""``tfnotes doctor --fix``: rewrites old code where a cure is known; `tfnotes.doctor.fix.files` is where to begin."""
