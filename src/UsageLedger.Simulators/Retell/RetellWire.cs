using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace UsageLedger.Simulators.Retell;

/// <summary>A call as Retell writes it: what does not apply is left out, money is cents, times are milliseconds.</summary>
internal static class RetellWire
{
    private const string Storage = "https://retellai.s3.us-west-2.amazonaws.com";

    private static readonly string[] AtTheStart =
    [
        "call_type", "access_token", "from_number", "to_number", "direction", "telephony_identifier", "call_id", "agent_id", "agent_name", "agent_version",
        "call_status", "metadata", "retell_llm_dynamic_variables", "start_timestamp",
    ];

    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>As lists have it: without what was said.</summary>
    public static JsonElement Listed(RetellCall call, Instant now, int changed) => Element(call, Cost(call, now, changed), Analysis(call), hasTranscript: false);

    public static JsonElement Whole(RetellCall call, Instant now, int changed) => Element(call, Cost(call, now, changed), Analysis(call), hasTranscript: true);

    /// <summary>As <c>call_ended</c> has it: not analysed yet.</summary>
    public static JsonElement Ended(RetellCall call, Instant now, int changed) => Element(call, Cost(call, now, changed), null, hasTranscript: true);

    /// <summary>As <c>call_started</c> has it: nothing that is known at its end alone.</summary>
    public static JsonElement Started(RetellCall call) => JsonSerializer.SerializeToElement(
        Element(call with { Status = "ongoing" }, null, null, hasTranscript: false).EnumerateObject()
            .Where(member => AtTheStart.Contains(member.Name)).ToDictionary(member => member.Name, member => member.Value),
        Options);

    /// <summary>A secret of the vendor's that no one may keep.</summary>
    public static string? TokenOf(RetellCall call) => call.Type == RetellCall.Web ? "planted-token-" + call.CallId[5..17] : null;

    private static JsonElement Element(RetellCall call, object? cost, object? analysis, bool hasTranscript) => JsonSerializer.SerializeToElement(
        new
        {
            call_type = call.Type,
            access_token = TokenOf(call),
            from_number = FromOf(call),
            to_number = ToOf(call),
            direction = call.Direction,
            telephony_identifier = TelephonyOf(call),
            call_id = call.CallId,
            agent_id = call.Agent.RetellAgentId,
            agent_name = call.Agent.Id,
            agent_version = call.AgentVersion,
            call_status = call.Status,
            metadata = MetadataOf(call),
            retell_llm_dynamic_variables = new { customer_name = call.Caller.Name },
            custom_sip_headers = call.Type == RetellCall.Phone ? new { X_Caller = call.Caller.Name } : null,
            data_storage_setting = "everything",
            opt_in_signed_url = false,
            start_timestamp = call.StartedAt.ToUnixTimeMilliseconds(),
            end_timestamp = call.EndedAt.ToUnixTimeMilliseconds(),
            transfer_end_timestamp = call.TransferEndedAt?.ToUnixTimeMilliseconds(),
            duration_ms = (long)(call.EndedAt - call.StartedAt).TotalMilliseconds,
            transcript = hasTranscript && call.IsConnected ? $"Agent: How can I help?\nUser: {call.Words}\n" : null,
            transcript_object = hasTranscript && call.IsConnected ? new[] { new { role = "user", content = call.Words, words = Array.Empty<object>() } } : null,
            recording_url = call.IsConnected ? $"{Storage}/{call.CallId}/recording.wav" : null,
            public_log_url = $"{Storage}/{call.CallId}/public_log.txt",
            disconnection_reason = call.DisconnectionReason,
            transfer_destination = call.TransferEndedAt is null ? null : call.Caller.Number,
            call_analysis = analysis,
            call_cost = cost,
            llm_token_usage = call.LlmTokens.Count == 0 ? null
                : new { values = call.LlmTokens, average = decimal.Round((decimal)call.LlmTokens.Sum() / call.LlmTokens.Count, 2), num_requests = call.LlmTokens.Count },
        },
        Options);

    /// <summary>Null until it is known; the leg a call was handed on to is added when that is known.</summary>
    private static object? Cost(RetellCall call, Instant now, int changed)
    {
        if (!call.IsConnected)
        {
            return new { product_costs = Array.Empty<object>(), total_duration_seconds = 0, total_duration_unit_price = 0, combined_cost = 0 };
        }

        var known = call.Products.Select(product => (Product: product, Cost: product.Cost.At(now, changed))).Where(line => line.Cost is not null).ToList();
        return known.TrueForAll(line => line.Product.IsTransferLeg) ? null : new
        {
            product_costs = known.Select(line => new
            {
                product = line.Product.Name,
                unit_price = line.Product.UnitPrice,
                cost = line.Cost!.Value,
                is_transfer_leg_cost = line.Product.IsTransferLeg ? true : (bool?)null,
            }).ToList(),
            total_duration_seconds = call.BilledSeconds + known.Where(line => line.Product.IsTransferLeg).Sum(line => line.Product.Seconds),
            total_duration_unit_price = known.Where(line => !line.Product.IsTransferLeg).Sum(line => line.Product.UnitPrice),
            combined_cost = known.Sum(line => line.Cost!.Value),
        };
    }

    private static object Analysis(RetellCall call) => new
    {
        call_summary = $"The user said {call.Words}",
        in_voicemail = call.DisconnectionReason == "voicemail_reached",
        user_sentiment = call.IsConnected ? "Neutral" : "Unknown",
        call_successful = call.IsConnected,
        custom_analysis_data = new { },
    };

    private static object? MetadataOf(RetellCall call) => call.NamesClient ? new { client_id = call.Agent.ClientId } : null;

    private static object? TelephonyOf(RetellCall call) => call.TwilioCallSid is null ? null : new { twilio_call_sid = call.TwilioCallSid };

    private static string? FromOf(RetellCall call) => call.Direction switch { null => null, "inbound" => call.Caller.Number, _ => call.Agent.Number };

    private static string? ToOf(RetellCall call) => call.Direction switch { null => null, "inbound" => call.Agent.Number, _ => call.Caller.Number };
}
