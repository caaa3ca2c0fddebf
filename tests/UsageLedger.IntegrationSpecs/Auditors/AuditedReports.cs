using Npgsql;
using UsageLedger.Auditors;
using UsageLedger.IntegrationSpecs.Auditing;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Auditors;

/// <summary>A ledger with the usage of two tenants, and auditors who log in to its database.</summary>
public sealed class AuditedReports : IAsyncLifetime
{
    private static int _roles;

    private string name = "";
    private int port;

    internal InProcessServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await InProcessServer.StartAsync();
        (name, port) = (await AskAsync<string>("select current_database()::text"), await AskAsync<int>("select inet_server_port()"));
        foreach (var tenant in new[] { "acme", "globex" })
        {
            var key = await Server.KeyAsync(tenant, "admin");
            await Server.PostAsync("/v1/usage", key, Usage.Array(Usage.Record("1"), Usage.Record("2", ("unitCost", null)), Usage.Record("3", ("clientId", null))));
            var last = await Server.PostAsync("/v1/usage", key, Usage.Record("1", ("quantity", "7"), ("revision", true)));
            await Server.JsonAsync($"/v1/clients/contoso/cycles/2024-10?minPosition={last.GetProperty("position")}", key);
            await Server.JsonAsync($"/v1/unattributed?minPosition={last.GetProperty("position")}", key);
            await Server.JsonAsync($"/v1/usage?from=2024-10-01T00:00:00Z&to=2024-10-02T00:00:00Z&minPosition={last.GetProperty("position")}", key);
        }
    }

    /// <summary>An auditor of these tenants, logged in.</summary>
    public async Task<NpgsqlConnection> EnterAsync(params string[] tenants)
    {
        var role = $"auditor_{Interlocked.Increment(ref _roles)}";
        var made = await CreateAsync(role, tenants);
        made.Refusal.ShouldBeNull();
        return await LogInAsync(role, made.Password!);
    }

    public Task<AuditorCreation> CreateAsync(string role, params string[] tenants) => CreateAsync(role, newPassword: false, tenants);

    public async Task<AuditorCreation> CreateAsync(string role, bool newPassword, params string[] tenants)
    {
        await using var administrator = await LedgerCluster.OpenAdministratorAsync(name);
        return await CreateAuditorHandler.Handle(new CreateAuditor(role, tenants, newPassword), administrator, Server.Database, default);
    }

    public async Task<NpgsqlConnection> LogInAsync(string role, string password)
    {
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Database={name};Username={role};Password={password};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task AdministerAsync(string sql)
    {
        await using var administrator = await LedgerCluster.OpenAdministratorAsync(name);
        await using var command = new NpgsqlCommand(sql, administrator);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Server.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
