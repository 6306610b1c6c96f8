-- For wrk: posts the bodies of a file, one a line, in order and over again; prints what it found as JSON.
local bodies, at = {}, 0

function init(args)
   for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
end

function request()
   at = at % #bodies + 1
   return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, bodies[at])
end

function done(summary, latency)
   local failed = summary.errors
   io.write(string.format(
      '\nFOUND {"requests": %d, "seconds": %.6f, "failed": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f}\n',
      summary.requests, summary.duration / 1e6,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout,
      latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
