"""The site's search: what it knows of each page (`sections`), of words (`words`), the file of it all."""
