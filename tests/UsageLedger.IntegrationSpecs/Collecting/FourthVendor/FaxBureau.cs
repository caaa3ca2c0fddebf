using System.Collections.Concurrent;
using NodaTime;

namespace UsageLedger.IntegrationSpecs.Collecting.FourthVendor;

/// <summary>A vendor nobody has heard of: it sends faxes, tells of them in pages, and fills in prices when it likes.</summary>
internal sealed class FaxBureau
{
    public ConcurrentDictionary<string, Fax> Faxes { get; } = new();

    public int PageSize { get; set; } = 2;

    public bool ListsRecords { get; set; } = true;

    public bool TellsTotals { get; set; }

    /// <summary>Whether single faxes can be asked for.</summary>
    public bool NamesFaxes { get; set; } = true;

    /// <summary>Whether a list can only be told from its beginning.</summary>
    public bool ForgetsPlaces { get; set; }

    /// <summary>How many days it tells; null: all.</summary>
    public int? DaysTold { get; set; }

    /// <summary>From when on its pages tell.</summary>
    public Instant? ToldSince { get; set; }

    /// <summary>What was asked of it, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Called before each page is given, when it has looked up the faxes.</summary>
    public Func<int, Task> BeforePage { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before single faxes are given, which it has looked up by then.</summary>
    public Func<Task> BeforeFetch { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before it tells what it adds up of a day.</summary>
    public Func<Task> BeforeTotals { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before it says whether credentials are good.</summary>
    public Func<Task> BeforeValidation { get; set; } = () => Task.CompletedTask;

    public void Send(string id, Instant at, decimal? price = 0.07m, string agent = "desk", int pages = 1) =>
        Faxes[id] = new Fax(id, at, pages, price, agent);
}

internal sealed record Fax(string Id, Instant SentAt, int Pages, decimal? Price, string Agent);
