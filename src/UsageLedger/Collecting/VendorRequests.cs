using System.Net.Http.Headers;
using System.Text;

namespace UsageLedger.Collecting;

/// <summary>How collectors put their questions to a vendor.</summary>
internal static class VendorRequests
{
    /// <summary>Of a request whose answer's status says all that is asked: the body is left unread.</summary>
    public static readonly HttpRequestOptionsKey<bool> WithoutBody = new("without_body");

    /// <summary>Asks with the newest credentials, and while a rotation is under way with those before, should the vendor not know the new ones yet.</summary>
    /// <exception cref="VendorException">None of them is taken, or the vendor cannot answer.</exception>
    public static async Task<T> AskAsync<T>(
        this VendorAccount account, Func<Credential, HttpRequestMessage> request, Func<VendorAnswer, T> read, CancellationToken ct)
    {
        if (account.Credentials.Count == 0)
        {
            throw new VendorException(VendorException.Refused, "The source has no credentials.");
        }

        foreach (var credential in account.Credentials.SkipLast(1))
        {
            try
            {
                return await account.Http.ReadAsync(() => request(credential), read, ct);
            }
            catch (VendorException refused) when (refused.Code == VendorException.Refused)
            {
                // The one before may still be good.
            }
        }

        return await account.Http.ReadAsync(() => request(account.Credentials[^1]), read, ct);
    }

    /// <summary>What is wrong with the account, found by asking for little.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        this VendorAccount account, Func<Credential, HttpRequestMessage> request, CancellationToken ct)
    {
        try
        {
            return await account.AskAsync(credential => StatusOnly(request(credential)), answer => answer.IsGood ? Array.Empty<string>() : [Refusal(answer)], ct);
        }
        catch (VendorException failure)
        {
            return [failure.Message];
        }
    }

    /// <summary>The answer's body, if the vendor gave what was asked.</summary>
    /// <exception cref="VendorException">It did not.</exception>
    public static ReadOnlyMemory<byte> Given(this VendorAnswer answer) =>
        answer.IsGood ? answer.Body : throw new VendorException(VendorException.Failed, Refusal(answer));

    /// <summary>An address below the source's, whose own path stays.</summary>
    public static Uri Below(this Source source, string path) => new(source.BaseUrl.AbsoluteUri.TrimEnd('/') + "/" + path);

    public static HttpRequestMessage Bearer(this HttpRequestMessage request, string secret)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return request;
    }

    public static HttpRequestMessage Basic(this HttpRequestMessage request, string name, string secret)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}")));
        return request;
    }

    private static HttpRequestMessage StatusOnly(HttpRequestMessage request)
    {
        request.Options.Set(WithoutBody, true);
        return request;
    }

    private static string Refusal(VendorAnswer answer) => $"The vendor refuses the request (HTTP {answer.Status}).";
}
