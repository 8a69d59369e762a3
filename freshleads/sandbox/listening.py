"""A server of the sandbox that speaks HTTP by aiohttp, on loopback alone."""

from aiohttp import web


class LoopbackServer:
    """Listens on 127.0.0.1; `port` is the one asked for, then the one that was found free."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._runner: web.AppRunner | None = None

    async def listen(self, app: web.Application) -> int:
        """Serve an application and return the port; raises OSError where it is taken."""
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = int(self._runner.addresses[0][1])
        return self.port

    async def stop(self) -> None:
        """Close the listener and every open connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
