"""Who belongs where: agencies, departments, posts, staff, members, and the numbers of documents."""
