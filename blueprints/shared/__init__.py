"""What every blueprint uses: guards, errors, security, page context."""
