"""What we learn: drill logs set against simulated drills, and reports."""
