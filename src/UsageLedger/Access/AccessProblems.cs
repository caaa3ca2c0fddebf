using Microsoft.AspNetCore.Http;
using UsageLedger.Answering;

namespace UsageLedger.Access;

/// <summary>What is answered to whom may not ask.</summary>
internal static class AccessProblems
{
    /// <summary>One answer for no key, an unknown, an expired and a revoked one: it tells nothing about keys.</summary>
    public static readonly Problem NoKey = new(
        StatusCodes.Status401Unauthorized, "key_required", "Send a valid key: Authorization: Bearer ulk_...");

    public static Problem ScopeMissing(Scope scope) => new(
        StatusCodes.Status403Forbidden, "scope_missing", $"The key lacks the scope {Scopes.NameOf(scope)}.");
}
