using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Clients;

/// <summary>Reads the body of <c>PUT /v1/clients/{clientId}</c>: the terms whole; what is absent is as for a client nobody registered.</summary>
internal static class ClientTermsReader
{
    public static (ClientTerms? Terms, Problem? Problem) Read(CommandFields fields, string clientId)
    {
        var defaults = ClientTerms.Default(clientId);
        var name = fields.Text("name", ClientTerms.NameMax);
        var (zone, period) = (fields.Text("timeZone"), fields.Text("period"));
        var anchorDay = fields.Whole("anchorDay", int.MinValue, int.MaxValue);
        var graceDays = fields.Whole("graceDays", 0, ClientTerms.GraceDaysMax);
        var currency = fields.Text("currency");
        if (currency is not null && !Currencies.Contains(currency))
        {
            fields.Refuse("currency", Refusals.UnknownCurrency, "must be a code of ISO 4217 in upper case, such as USD");
        }

        var known = CycleRule.TryCreate(zone, period, anchorDay, out var rule, out var refusals);
        var problem = fields.Problem();
        if (!known)
        {
            var broken = refusals.Select(refusal => new FieldProblem("/" + refusal.Member, refusal.Code, refusal.Message));
            return (null, Problem.Refused([.. problem?.Errors ?? [], .. broken]));
        }

        return problem is null
            ? (new ClientTerms(name ?? defaults.Name, rule, graceDays ?? defaults.GraceDays, currency ?? defaults.Currency), null)
            : (null, problem);
    }
}
