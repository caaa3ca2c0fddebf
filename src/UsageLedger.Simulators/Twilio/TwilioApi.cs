using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace UsageLedger.Simulators.Twilio;

/// <summary>
/// Twilio's API: accounts, messages, calls, usage records. Below <c>/twilio</c> and at the root too, so that <c>next_page_uri</c>, which is
/// relative to the host as Twilio's is, leads on for clients that resolve it against the host and for those that append it to their base URL.
/// </summary>
internal static class TwilioApi
{
    public static void Map(IEndpointRouteBuilder routes, Simulation simulation)
    {
        foreach (var prefix in new[] { "/twilio", string.Empty })
        {
            var accounts = routes.MapGroup($"{prefix}/{TwilioWire.Version}/Accounts");
            accounts.AddEndpointFilter(async (context, next) =>
                TwilioDoor.May(context.HttpContext.Request, simulation.World.Directory, context.HttpContext.Request.RouteValues["sid"] as string) is { } refusal
                    ? refusal
                    : await Answer(next, context));
            accounts.MapGet("/{sid}.json", (string sid) => Json(TwilioDoor.Write(Account(simulation, sid))));
            accounts.MapGet("/{sid}/Messages.json", (string sid, HttpRequest request) => Messages(simulation, sid, request));
            accounts.MapGet("/{sid}/Messages/{id}.json", (string sid, string id) => Message(simulation, sid, id));
            accounts.MapGet("/{sid}/Calls.json", (string sid, HttpRequest request) => Calls(simulation, sid, request));
            accounts.MapGet("/{sid}/Calls/{id}.json", (string sid, string id) => Call(simulation, sid, id));
            accounts.MapGet("/{sid}/Usage/Records.json", (string sid, HttpRequest request) => Usage(simulation, sid, string.Empty, request));
            accounts.MapGet("/{sid}/Usage/Records/{list}.json", (string sid, string list, HttpRequest request) => Usage(simulation, sid, list, request));
        }
    }

    private static async ValueTask<object?> Answer(EndpointFilterDelegate next, EndpointFilterInvocationContext context)
    {
        try
        {
            return await next(context);
        }
        catch (FormatException wrong)
        {
            return TwilioDoor.Error(StatusCodes.Status400BadRequest, 20001, wrong.Message);
        }
    }

    private static IResult Json(object document) => Results.Json(document, TwilioWire.Options);

    private static TwilioAccount Account(Simulation simulation, string sid) => simulation.World.Directory.TwilioAccounts.Single(account => account.Sid == sid);

    private static int Shift(Simulation simulation, TwilioPage page) =>
        page.Token is not null && simulation.Plan.Happens("shift:" + page.Token, simulation.Faults.ShiftingPages) ? 1 : 0;

    private static IResult Messages(Simulation simulation, string sid, HttpRequest request)
    {
        var (now, query, page) = (simulation.Clock.Now, request.Query, TwilioPage.Read(request.Query));
        var sent = TwilioDates.Read(query, "DateSent", upToIsInclusive: true);
        var (from, to) = (query["From"].ToString(), query["To"].ToString());
        var all = simulation.World.Messages
            .Where(message => message.Account.Sid == sid && message.SentAt <= now && sent.Has(message.SentAt))
            .Where(message => (from.Length == 0 || from == (message.IsInbound ? message.Caller.Number : message.Number))
                && (to.Length == 0 || to == (message.IsInbound ? message.Number : message.Caller.Number)))
            .Reverse().ToList();
        return Json(page.Of(request, "messages", all, message => message.Sid, message => TwilioWire.Of(message, now, simulation.Faults.ChangedPrices), Shift(simulation, page)));
    }

    private static IResult Message(Simulation simulation, string sid, string id)
    {
        var now = simulation.Clock.Now;
        return simulation.World.Messages.FirstOrDefault(message => message.Sid == id && message.Account.Sid == sid && message.SentAt <= now) is { } message
            ? Json(TwilioWire.Of(message, now, simulation.Faults.ChangedPrices)) : TwilioDoor.NotFound($"Messages/{id}");
    }

    private static IResult Calls(Simulation simulation, string sid, HttpRequest request)
    {
        var (now, query, page) = (simulation.Clock.Now, request.Query, TwilioPage.Read(request.Query));
        var (started, ended) = (TwilioDates.Read(query, "StartTime", upToIsInclusive: false), TwilioDates.Read(query, "EndTime", upToIsInclusive: false));
        var (parent, status, from, to) = (query["ParentCallSid"].ToString(), query["Status"].ToString(), query["From"].ToString(), query["To"].ToString());
        var all = simulation.World.TwilioCalls
            .Where(call => call.Account.Sid == sid && call.EndedAt <= now && started.Has(call.StartedAt) && ended.Has(call.EndedAt))
            .Where(call => (parent.Length == 0 || call.Parent == parent) && (status.Length == 0 || call.Status == status)
                && (from.Length == 0 || from == (call.IsInbound ? call.Caller.Number : call.Number))
                && (to.Length == 0 || to == (call.IsInbound ? call.Number : call.Caller.Number)))
            .Reverse().ToList();
        return Json(page.Of(request, "calls", all, call => call.Sid, call => TwilioWire.Of(call, now, simulation.Faults.ChangedPrices), Shift(simulation, page)));
    }

    private static IResult Call(Simulation simulation, string sid, string id)
    {
        var now = simulation.Clock.Now;
        return simulation.World.TwilioCalls.FirstOrDefault(call => call.Sid == id && call.Account.Sid == sid && call.EndedAt <= now) is { } call
            ? Json(TwilioWire.Of(call, now, simulation.Faults.ChangedPrices)) : TwilioDoor.NotFound($"Calls/{id}");
    }

    private static IResult Usage(Simulation simulation, string sid, string list, HttpRequest request)
    {
        var (now, query, page) = (simulation.Clock.Now, request.Query, TwilioPage.Read(request.Query));
        var today = now.InUtc().Date;
        var start = UsagePeriods.Date(query["StartDate"], today, simulation.World.Plan.From.InUtc().Date);
        var end = UsagePeriods.Date(query["EndDate"], today, today);
        if (UsagePeriods.Of(list, start, end, today) is not { } periods)
        {
            return TwilioDoor.NotFound($"Usage/Records/{list}");
        }

        var category = query["Category"].ToString();
        var isAlone = string.Equals(query["IncludeSubaccounts"], "false", StringComparison.OrdinalIgnoreCase);
        var entries = UsageRecords.Entries(simulation.World, now, simulation.Faults.ChangedPrices)
            .Where(entry => entry.AccountSid == sid || (!isAlone && Account(simulation, entry.AccountSid).Owner == sid)).ToList();
        var rows = UsageRecords.Rows(entries, category.Length == 0 ? null : category, periods).ToList();
        return Json(page.Of(
            request, "usage_records", rows, row => $"{row.Category.Name}.{row.Start:uuuuMMdd}",
            row => UsageRecords.Write(row, sid, now, list.Length == 0 ? list : "/" + list), 0));
    }
}
