"""What the gateway offers to the person with the laptop."""
