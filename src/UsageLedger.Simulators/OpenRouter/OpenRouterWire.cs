using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime.Text;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>A generation as OpenRouter writes it: dollars as JSON numbers, what does not apply is null.</summary>
internal static class OpenRouterWire
{
    public const string Workspace = "0df9e665-d932-5740-b2c7-b52af166bc11";

    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsNumberConverter() } };

    private static readonly InstantPattern Offset = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.ffffff'+00:00'");

    public static object Of(Generation made) => new
    {
        api_type = "completions",
        app_id = (int?)null,
        cache_discount = made.CachedTokens == 0 ? null : (decimal?)made.CacheDiscount,
        cancelled = false,
        created_at = Offset.Format(made.CreatedAt),
        data_region = "global",
        external_user = (string?)null,
        finish_reason = "stop",
        generation_time = (long)(made.EndedAt - made.CreatedAt).TotalMilliseconds,
        http_referer = (string?)null,
        id = made.Id,
        is_byok = made.IsByok,
        latency = 250,
        model = made.Model.Id,
        moderation_latency = (int?)null,
        native_finish_reason = "stop",
        native_tokens_cached = made.CachedTokens,
        native_tokens_completion = made.CompletionTokens,
        native_tokens_completion_images = 0,
        native_tokens_prompt = made.PromptTokens,
        native_tokens_reasoning = made.ReasoningTokens,
        num_fetches = 0,
        num_input_audio_prompt = 0,
        num_media_completion = 0,
        num_media_prompt = 0,
        num_search_results = (int?)null,
        origin = "https://openrouter.ai/",
        preset_id = (string?)null,
        provider_name = made.Model.ProviderName,
        provider_responses = (object?)null,
        request_id = "req-" + made.Id[4..],
        response_cache_source_id = (string?)null,
        router = (string?)null,
        service_tier = (string?)null,
        session_id = (string?)null,
        streamed = true,
        tokens_completion = made.CompletionTokens * 9 / 10,
        tokens_prompt = made.PromptTokens * 9 / 10,
        total_cost = made.Cost,
        upstream_id = "chatcmpl-" + made.Id[^12..],
        upstream_inference_cost = made.IsByok ? (decimal?)made.UpstreamCost : null,
        usage = made.Cost,
        user_agent = (string?)null,
        web_search_engine = (string?)null,
        workspace_id = Workspace,
    };
}
