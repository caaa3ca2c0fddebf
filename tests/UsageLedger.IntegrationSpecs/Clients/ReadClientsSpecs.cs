using UsageLedger.Clients;
using UsageLedger.IntegrationSpecs.Cycles;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Clients;

public sealed class ReadClientsSpecs
{
    [Fact]
    public async Task Registered_clients_and_those_that_usage_named_are_listed_once_each()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync("b", zone: "Europe/Berlin");
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z", client: "a"), Usage("2", "2026-10-02T10:00:00Z", client: "b"), Usage("3", "2026-10-02T10:00:00Z", client: null));
        await books.RegisterAsync("c", name: "C Corp");
        await books.RecordAsync(false, "other", Usage("1", "2026-10-02T10:00:00Z", client: "theirs"));

        var page = await ListAsync(books, null, 10);

        page.Clients.Select(client => $"{client.ClientId} {client.Name} {client.TimeZone} {client.Registered}")
            .ShouldBe(["a a UTC False", "b b Europe/Berlin True", "c C Corp UTC True"]);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap()
    {
        await using var books = await OpenAsync();
        var ids = Enumerable.Range(0, 23).Select(number => $"C{number % 7}.{number}:x").ToList();
        await books.RecordAsync([.. ids.Where((_, index) => index % 3 != 0).Select(id => Usage(id, "2026-10-02T10:00:00Z", client: id))]);
        foreach (var id in ids.Where((_, index) => index % 2 == 0 || index % 3 == 0))
            await books.RegisterAsync(id);

        var found = new List<string>();
        string? after = null;
        do
        {
            var page = await ListAsync(books, after, 4);
            found.AddRange(page.Clients.Select(client => client.ClientId));
            after = page.Next;
        }
        while (after is not null);

        found.Count.ShouldBe(23);
        found.Order(StringComparer.Ordinal).ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_client_is_found_once_usage_or_somebody_named_it()
    {
        await using var books = await OpenAsync();
        (await FindAsync(books, "contoso")).ShouldBeNull();

        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));
        (await FindAsync(books, "contoso")).ShouldBe(
            new ClientView("contoso", "contoso", "UTC", "monthly", 1, 0, "USD", null, Registered: false, Position: 0));
        (await FindAsync(books, "contoso", "other")).ShouldBeNull();

        var registered = await books.RegisterAsync(zone: "Asia/Kathmandu", period: "weekly", anchor: 7, grace: 2, name: "Contoso");
        (await FindAsync(books, "contoso")).ShouldBe(registered);
        registered.ShouldBe(new ClientView("contoso", "Contoso", "Asia/Kathmandu", "weekly", 7, 2, "USD", null, Registered: true, Position: 2));
    }

    private static Task<ClientPage> ListAsync(Books books, string? after, int limit) =>
        ReadClientsHandler.Handle(new ReadClients(Tenant, after, limit), books.Log.Database, default);

    private static Task<ClientView?> FindAsync(Books books, string clientId, string tenant = Tenant) =>
        ReadClientHandler.Handle(new ReadClient(tenant, clientId), books.Log.Database, default);
}
