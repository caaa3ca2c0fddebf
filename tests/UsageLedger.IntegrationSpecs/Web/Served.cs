using Microsoft.AspNetCore.Builder;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>A spec that brings the routes it asks.</summary>
public interface IRoutes
{
    static abstract void Map(WebApplication app);
}

/// <summary>One server for all rules of a spec that leave no trace for each other.</summary>
public sealed class Served<T> : IAsyncLifetime
    where T : IRoutes
{
    internal WebApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await WebApp.StartAsync(T.Map);

    public async Task DisposeAsync() => await App.DisposeAsync();
}
