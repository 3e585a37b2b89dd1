"""What we see: pictures of runs."""
