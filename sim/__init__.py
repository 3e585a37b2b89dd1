"""What happens in a building: people, protocols, movement and results."""
