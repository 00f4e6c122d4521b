"""Talk: notifications, subscriptions, chats and names in texts."""
