"""Three invented schools, drawn to scale: to try everything on, and to show what a plan holds."""
