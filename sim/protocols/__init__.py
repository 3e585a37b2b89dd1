"""What people do when something is announced: directives, states, procedures and their times."""
