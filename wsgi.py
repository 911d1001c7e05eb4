"""The application as servers find it; holds nothing of its own."""

from app import create_app

app = create_app()
