"""An invented company with its histories, made by the services that real people use."""
