"""What we ask of a building: scenario files, ensembles and the command line."""
