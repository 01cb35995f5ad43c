"""What notifications writes."""
