using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using UsageLedger.Access;
using UsageLedger.Host.OpenApi;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whoever asks for much and reads nothing keeps turns of their own tenant, and nobody else's.</summary>
public sealed class SlowReaderSpecs(Served<SlowReaderSpecs> served) : IClassFixture<Served<SlowReaderSpecs>>, IRoutes
{
    private const int Readers = 60;
    private const int OfOneTenantMax = 30;
    private const int PieceBytes = 64 * 1024;
    private const int Pieces = 1_024;

    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(3);
    private static int _floods;

    static void IRoutes.Map(WebApplication app)
    {
        app.MapGet("/spec/flood", FloodAsync).RequireScope(Scope.Query);
        app.MapGet("/spec/drop", () => TypedResults.Ok()).RequireScope(Scope.Query);
        app.MapGet("/spec/alive", () => TypedResults.Ok()).AllowWithoutKey();
    }

    [Fact]
    public async Task While_one_tenants_readers_have_all_its_turns_others_read_and_the_host_is_known_to_live()
    {
        var (slow, other) = (await served.App.KeyAsync("acme", "query"), await served.App.KeyAsync("globex", "query"));
        var clients = Enumerable.Range(0, Readers).Select(_ => new TcpClient { ReceiveBufferSize = 4 * 1024 }).ToList();
        try
        {
            foreach (var client in clients)
            {
                await client.ConnectAsync(served.App.Client.BaseAddress!.Host, served.App.Client.BaseAddress.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /spec/flood HTTP/1.1\r\nHost: ledger\r\nAuthorization: Bearer {slow}\r\n\r\n"));
            }

            await SpecLog.UntilAsync(() => Task.FromResult(Volatile.Read(ref _floods) >= OfOneTenantMax), "the readers have their turns");

            (await AskAsync("/spec/alive", null)).ShouldBe(HttpStatusCode.OK);
            (await AskAsync("/spec/drop", other)).ShouldBe(HttpStatusCode.OK);
            (await AskAsync(OpenApiSetup.Path, null)).ShouldBe(HttpStatusCode.OK);
            Volatile.Read(ref _floods).ShouldBe(OfOneTenantMax);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task FloodAsync(HttpContext context)
    {
        Interlocked.Increment(ref _floods);
        var piece = new byte[PieceBytes];
        for (var i = 0; i < Pieces; i++)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
    }

    private async Task<HttpStatusCode> AskAsync(string path, string? key) => (await served.App.GetAsync(path, key).WaitAsync(AnsweredWithin)).StatusCode;
}
