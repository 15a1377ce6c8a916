"""What people are told about their dossiers: the message box, and e-mail on its way."""
