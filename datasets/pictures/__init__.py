"""Pictures: digits, drawings, photographs."""
