"""The page: played on, looked at and steered by from a browser, over HTTP and WebSocket."""
