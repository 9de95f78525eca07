//go:build linux

package dataplane

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/xds/endpoints"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

type fields = map[string]any

// secrets gives the certificates that a proxy would ask its agent for.
type secrets struct {
	// mesh is the workload's own, and meshRoots those that sign the others'.
	mesh, own        *identity
	meshRoots, roots *authority
}

// bootstrap writes what istiod sends a proxy as the configuration that Envoy
// starts with: what it would ask for by name stands where the name was.
func bootstrap(server *istiod.Server, proxy *istiod.Proxy, known *secrets, setup Setup) ([]byte, error) {
	w := &writer{secrets: known, setup: setup, routes: fields{}}
	listeners, clusters, err := w.configuration(server, proxy)
	if err != nil {
		return nil, err
	}
	made := frame(proxy)
	made["static_resources"] = fields{"listeners": listeners, "clusters": clusters}
	return json.Marshal(made)
}

// frame is what Envoy starts with whatever its configuration.
func frame(proxy *istiod.Proxy) fields {
	return fields{
		"node":  fields{"id": proxy.Node.ID, "cluster": proxy.Node.ID},
		"admin": fields{"address": fields{"socketAddress": fields{"address": "127.0.0.1", "portValue": adminPort}}},
	}
}

// configuration gives the listeners and clusters of a proxy; its routes are the
// writer's from then on.
func (w *writer) configuration(server *istiod.Server, proxy *istiod.Proxy) (listeners, clusters []any, err error) {
	for _, route := range proxy.Routes {
		written, err := w.write(route)
		if err != nil {
			return nil, nil, err
		}
		w.routes[route.Name] = written
	}
	for _, listener := range proxy.Listeners {
		written, err := w.write(listener)
		if err != nil {
			return nil, nil, err
		}
		listeners = append(listeners, written)
	}
	for _, one := range proxy.Clusters {
		written, err := w.cluster(one.GetType(), resolved(server, proxy, one))
		if err != nil {
			return nil, nil, err
		}
		clusters = append(clusters, written)
	}
	return listeners, clusters, nil
}

// resolved gives a cluster its endpoints, with addresses for names.
func resolved(server *istiod.Server, proxy *istiod.Proxy, given *cluster.Cluster) *cluster.Cluster {
	made := proto.Clone(given).(*cluster.Cluster)
	switch made.GetType() {
	case cluster.Cluster_EDS:
		builder := endpoints.NewEndpointBuilder(made.Name, proxy.Node, server.PushContext())
		made.LoadAssignment = proto.Clone(builder.BuildClusterLoadAssignment(server.Env().EndpointIndex)).(*endpoint.ClusterLoadAssignment)
		made.LoadAssignment.ClusterName = made.Name
		made.EdsClusterConfig = nil
	case cluster.Cluster_STRICT_DNS, cluster.Cluster_LOGICAL_DNS:
	default:
		return made
	}
	made.ClusterDiscoveryType = &cluster.Cluster_Type{Type: cluster.Cluster_STATIC}
	made.DnsLookupFamily, made.DnsRefreshRate, made.RespectDnsTtl, made.DnsJitter = 0, nil, false, nil
	for _, locality := range made.GetLoadAssignment().GetEndpoints() {
		var all []*endpoint.LbEndpoint
		for _, one := range locality.LbEndpoints {
			host := one.GetEndpoint().GetAddress().GetSocketAddress().GetAddress()
			for _, address := range resolve(server, host, proxy.Node.ConfigNamespace) {
				found := proto.Clone(one).(*endpoint.LbEndpoint)
				if socket := found.GetEndpoint().GetAddress().GetSocketAddress(); socket != nil {
					socket.Address = address
				}
				all = append(all, found)
			}
		}
		locality.LbEndpoints = all
	}
	return made
}

type writer struct {
	*secrets
	setup  Setup
	routes fields
	// watched says that routes and endpoints lie in files of their own, which
	// the proxy watches: asked are the names of the routes, and endpoints those
	// of the clusters by their file.
	watched   bool
	asked     map[string]bool
	endpoints map[string]any
}

// observed says that a proxy gets something else while it runs, so that each
// call must show what it has now.
func (w *writer) observed() bool { return w.watched || w.setup.Issued != nil }

// write makes JSON of a message, with what names stand for in their place, and
// without what only Istio's build of Envoy has.
func (w *writer) write(message proto.Message) (any, error) {
	text, err := protojson.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("writing a proxy's configuration: %w", err)
	}
	var read any
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	return w.rewritten(read), nil
}

func (w *writer) rewritten(value any) any {
	switch value := value.(type) {
	case []any:
		kept := make([]any, 0, len(value))
		for _, one := range value {
			if !istiosOwn(one) {
				kept = append(kept, w.rewritten(one))
			}
		}
		return kept
	case fields:
		w.inline(value)
		for name, one := range value {
			value[name] = w.rewritten(one)
		}
	}
	return value
}

// ownExtensions are those that upstream Envoy lacks, and those that would call
// Istio's own processes.
var ownExtensions = []string{"istio.", "envoy.filters.network.metadata_exchange", "envoy.filters.network.upstream.metadata_exchange"}

func istiosOwn(one any) bool {
	extension, isObject := one.(fields)
	if !isObject || extension["typedConfig"] == nil && extension["configDiscovery"] == nil {
		return false
	}
	name, _ := extension["name"].(string)
	return slices.ContainsFunc(ownExtensions, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

func (w *writer) inline(value fields) {
	if w.observed() {
		// A request that is sent again hides the connection that has failed.
		delete(value, "retryPolicy")
	}
	if rds, isRoutes := value["rds"].(fields); isRoutes && w.watched {
		name := rds["routeConfigName"].(string)
		w.asked[name] = true
		rds["configSource"] = watching(routesFile(name))
	} else if isRoutes {
		delete(value, "rds")
		name := rds["routeConfigName"].(string)
		if value["routeConfig"] = w.routes[name]; value["routeConfig"] == nil {
			value["routeConfig"] = fields{"name": name}
		}
	}
	if cache, isCache := value["dnsCacheConfig"].(fields); isCache {
		cache["typedDnsResolverConfig"] = fields{
			"name": "envoy.network.dns_resolver.cares",
			"typedConfig": fields{
				"@type":     "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
				"resolvers": []any{fields{"socketAddress": fields{"address": worldAddress, "portValue": namesPort}}},
			},
		}
	}
	if context, isContext := value["commonTlsContext"].(fields); isContext {
		w.observe(context, strings.HasSuffix(value["@type"].(string), ".DownstreamTlsContext"))
	}
	if w.setup.Issued != nil && watchSecrets(value) {
		return
	}
	if certificates, isSecrets := value["tlsCertificateSdsSecretConfigs"].([]any); isSecrets {
		delete(value, "tlsCertificateSdsSecretConfigs")
		var all []any
		for _, one := range certificates {
			all = append(all, w.certificate(one.(fields)["name"].(string)))
		}
		value["tlsCertificates"] = all
	}
	if combined, isCombined := value["combinedValidationContext"].(fields); isCombined {
		delete(value, "combinedValidationContext")
		context, _ := combined["defaultValidationContext"].(fields)
		if context == nil {
			context = fields{}
		}
		context["trustedCa"] = w.trusted(combined["validationContextSdsSecretConfig"])
		value["validationContext"] = context
	}
	if secret, isSecret := value["validationContextSdsSecretConfig"]; isSecret {
		delete(value, "validationContextSdsSecretConfig")
		value["validationContext"] = fields{"trustedCa": w.trusted(secret)}
	}
}

// observe makes TLS as the setup says.
func (w *writer) observe(context fields, isServer bool) {
	if w.setup.Records {
		context["keyLog"] = fields{"path": keyLog}
	}
	if w.setup.ServerTLS != "" && isServer {
		params, _ := context["tlsParams"].(fields)
		if params == nil {
			params = fields{}
		}
		params["tlsMaximumProtocolVersion"] = w.setup.ServerTLS
		context["tlsParams"] = params
	}
}

// meshCertificate and meshRoots are the names under which the agent has what
// istiod signs; all others are the user's.
const (
	meshCertificate = "default"
	meshRoots       = "ROOTCA"
)

func (w *writer) certificate(name string) fields {
	shown := w.own
	if name == meshCertificate {
		shown = w.mesh
	}
	key, err := shown.keyPEM()
	if err != nil {
		panic(err)
	}
	return fields{"certificateChain": fields{"inlineString": shown.pem()}, "privateKey": fields{"inlineString": key}}
}

func (w *writer) trusted(secret any) fields {
	if secret.(fields)["name"] == meshRoots {
		return fields{"inlineString": w.meshRoots.pem()}
	}
	return fields{"inlineString": w.roots.pem()}
}
