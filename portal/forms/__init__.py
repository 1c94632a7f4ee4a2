"""Text in, clean values or messages out. A form reads; it never decides."""
