"""Files made from leads: spreadsheets and CSV."""
