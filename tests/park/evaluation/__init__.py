"""The evaluation of enterprises."""
