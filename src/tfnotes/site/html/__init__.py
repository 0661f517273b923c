"""HTML from records, figures, formulas and tables; knows no page and no Markdown."""
