"""The LeadGen dialect."""
