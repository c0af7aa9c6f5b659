"""What people here decide about days and how they are judged, each with who, when and why."""
