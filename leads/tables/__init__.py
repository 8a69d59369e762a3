"""Tables in files that people bring: CSV and XLSX, however they were made; plain Python."""
