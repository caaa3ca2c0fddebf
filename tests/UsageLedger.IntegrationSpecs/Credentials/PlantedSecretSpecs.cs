using System.Net;
using UsageLedger.Attributing;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Credentials;

/// <summary>Secrets and numbers that were planted are looked for everywhere, and nowhere found.</summary>
public sealed class PlantedSecretSpecs
{
    private const string ApiKey = "key_planted_5e1a9c";
    private const string Webhook = "hook_planted_77b0d2";
    private const string Number = "+1 (555) 010-4477";
    private const string Digits = "15550104477";
    private const string Path = "/v1/sources/main/credentials";

    [Fact]
    public async Task Nothing_that_was_planted_is_in_a_table_an_answer_a_log_line_or_an_exception()
    {
        await using var server = await SourcesServer.StartAsync();
        await PlantAsync(server);
        var exception = await BreakAsync(server);

        var everything = new Dictionary<string, string>
        {
            ["tables"] = await DumpAsync(server.Books.Log), ["answers"] = server.Answers, ["log lines"] = server.Lines.Text, ["exception"] = exception.ToString(),
        };
        everything["tables"].ShouldContain("credential_set", customMessage: "the search sees what is there");
        everything["tables"].ShouldContain(server.Get<NumberHash>().Of(Number));
        everything["answers"].ShouldContain("number:...4477");
        foreach (var (where, text) in everything)
        {
            foreach (var planted in Forms(ApiKey).Concat(Forms(Webhook)).Concat([Number, Digits, Digits[1..], "555-010-4477", "555) 010"]))
                text.Contains(planted, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{planted} is in the {where}");
        }
    }

    [Fact]
    public async Task A_log_that_holds_them_opened_is_whole_and_another_tenant_opens_nothing()
    {
        await using var server = await SourcesServer.StartAsync();
        await PlantAsync(server);

        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured("other"), "collection", "c", default)).ShouldBeEmpty();
        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(id: "other"), "collection", "c", default)).ShouldBeEmpty();
        (await server.Books.Log.AskAsync<long>("select count(*) from ledger.mt_events where tenant_id = 'other'")).ShouldBe(0);
    }

    private static async Task PlantAsync(SourcesServer server)
    {
        var values = $$$"""{"values":{"apiKey":"{{{ApiKey}}}","webhookSecret":"{{{Webhook}}}"},"graceSeconds":60}""";
        await server.ConfigureAsync();
        await server.PutAsync(Path, values);
        await server.PutAsync(Path, values);
        await server.PutAsync(Path, $$$"""{"values":{"apiKey":"{{{ApiKey}}}"},"graceSeconds":"{{{Webhook}}}"}""", HttpStatusCode.UnprocessableEntity);
        await server.PutAsync(Path, $$$"""{"values":{"apiKey":"{{{ApiKey}}}",}""", HttpStatusCode.BadRequest);
        await server.GetAsync(Path);
        await server.GetAsync("/v1/sources");
        await server.PutAsync("/v1/mappings/n1", $$"""{"provider":"retell","key":"number:{{Number}}","clientId":"contoso"}""", HttpStatusCode.Created);
        await server.PutAsync("/v1/mappings/n2", $$"""{"provider":"retell","key":"number:{{Digits}}","clientId":"fabrikam"}""", HttpStatusCode.Conflict);
        await server.PutAsync("/v1/mappings/n3", $$"""{"provider":"retell","key":"number:{{Number}}x","clientId":"fabrikam"}""", HttpStatusCode.UnprocessableEntity);
        await server.GetAsync("/v1/mappings");
        var hash = server.Get<NumberHash>().Of(Number);
        await server.Books.RecordAsync(Books.Usage("1", "2026-10-02T10:00:00Z", cost: 1m, client: null) with { Attributes = [new NamedText(MappingKeys.Number, hash)] });
        await ReattributeHandler.Handle(new Reattribute("acme"), server.Get<MappingStore>(), server.Books.Appender, server.Books.Log.Database, default);
        await server.Books.ArriveAsync();
        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), "collection", "run-1", default)).Select(one => one.Values["apiKey"]).ShouldAllBe(key => key == ApiKey);
        (await server.Books.CycleAsync("2026-10")).Totals.Single().Cost.ShouldBe("1");
    }

    /// <summary>What is thrown when a row was changed.</summary>
    private static async Task<Exception> BreakAsync(SourcesServer server)
    {
        await server.Books.Log.DoAsync("update ledger.credentials set sealed_values = sealed_key");
        return await Should.ThrowAsync<KeyFileException>(
            () => server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), "collection", "run-2", default));
    }

    /// <summary>Every row of every table as text; bytes as the letters that they may be.</summary>
    private static async Task<string> DumpAsync(SpecLog log)
    {
        var tables = await log.RowsAsync("select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname in ('ledger', 'read', 'read_next', 'public')");
        tables.ShouldContain("ledger.credentials");
        var rows = new List<string>();
        foreach (var table in tables)
            rows.AddRange(await log.RowsAsync($"select t::text from {table} t"));
        return string.Join('\n', rows);
    }

    /// <summary>As text, as PostgreSQL writes bytes, and as base64 in each of its three places.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToHexStringLower(bytes);
        for (var skip = 0; skip < 3; skip++)
            yield return Convert.ToBase64String(bytes[skip..])[..^4].TrimEnd('=');
    }
}
