"""What the crew desk says and is asked, on the wire."""
