package connections

import (
	"testing"

	envoycluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	http "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"

	alpn "istio.io/api/envoy/config/filter/http/alpn/v2alpha1"
	"istio.io/istio/pilot/pkg/networking/util"
	xdsfilters "istio.io/istio/pilot/pkg/xds/filters"
	"istio.io/istio/pilot/test/xdstest"
)

// alpnOverrides are the protocols that Istio's filter istio.alpn makes a
// request's connection offer, by the HTTP that its cluster speaks.
type alpnOverrides map[alpn.FilterConfig_Protocol][]string

// overridesOf reads the filter of a chain; nil where it has none.
func overridesOf(chain *listener.FilterChain) alpnOverrides {
	if chain == nil {
		return nil
	}
	for _, filter := range xdstest.ExtractHTTPConnectionManager(&testing.T{}, chain).GetHttpFilters() {
		config := &alpn.FilterConfig{}
		if filter.GetName() != xdsfilters.AlpnFilterName || filter.GetTypedConfig().UnmarshalTo(config) != nil {
			continue
		}
		overrides := alpnOverrides{}
		for _, override := range config.GetAlpnOverride() {
			overrides[override.GetUpstreamProtocol()] = override.GetAlpnOverride()
		}
		return overrides
	}
	return nil
}

// in says of a handshake what the filter makes it offer. As the filter's code
// has it, a cluster may forbid that, and where it speaks what its client
// speaks, that is the request's HTTP/1.1.
func (o alpnOverrides) in(shake *Handshake, c *envoycluster.Cluster) *Handshake {
	said := c.GetMetadata().GetFilterMetadata()[util.IstioMetadataKey].GetFields()[util.AlpnOverrideMetadataKey]
	if shake == nil || o == nil || said.GetStringValue() == "false" {
		return shake
	}
	replaced := *shake
	replaced.HTTPALPN = o[spokenBy(c)]
	return &replaced
}

func spokenBy(c *envoycluster.Cluster) alpn.FilterConfig_Protocol {
	options := &http.HttpProtocolOptions{}
	config := c.GetTypedExtensionProtocolOptions()["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]
	if config != nil && config.UnmarshalTo(options) == nil && options.GetExplicitHttpConfig().GetHttp2ProtocolOptions() != nil {
		return alpn.FilterConfig_HTTP2
	}
	return alpn.FilterConfig_HTTP11
}
