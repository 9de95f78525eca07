// Package served asks a running istiod what it serves to a proxy: the proxy
// is ours, and so small that all it does is read its configuration.
package served

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	clusterType  = "type.googleapis.com/envoy.config.cluster.v3.Cluster"
	listenerType = "type.googleapis.com/envoy.config.listener.v3.Listener"
	inbound      = "virtualInbound"
	inboundPort  = 15006
	patience     = 20 * time.Second
)

// Proxy is a workload's sidecar, as far as istiod asks.
type Proxy struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
}

// Answer is what istiod serves to a proxy.
type Answer struct {
	// Modes says which connections the proxy takes, by port; "0" is any other port.
	Modes map[string]string `json:"modes"`
	// Clusters says how the proxy calls, by the cluster's name.
	Clusters map[string]string `json:"clusters"`
	Error    string            `json:"error,omitempty"`
}

// Ask connects to istiod's plaintext discovery address as the proxy.
func Ask(address string, proxy Proxy) Answer {
	answer, err := ask(address, proxy)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return answer
}

func ask(address string, proxy Proxy) (Answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return Answer{}, fmt.Errorf("connecting to %s: %w", address, err)
	}
	defer connection.Close()
	stream, err := discovery.NewAggregatedDiscoveryServiceClient(connection).StreamAggregatedResources(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("opening a stream: %w", err)
	}
	node, err := nodeOf(proxy)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Modes: map[string]string{}, Clusters: map[string]string{}}
	for _, kind := range []string{clusterType, listenerType} {
		if err := stream.Send(&discovery.DiscoveryRequest{Node: node, TypeUrl: kind}); err != nil {
			return Answer{}, fmt.Errorf("asking for %s: %w", kind, err)
		}
		response, err := receive(stream, kind)
		if err != nil {
			return Answer{}, err
		}
		if err := read(response, &answer); err != nil {
			return Answer{}, err
		}
	}
	return answer, nil
}

func receive(stream discovery.AggregatedDiscoveryService_StreamAggregatedResourcesClient, kind string) (*discovery.DiscoveryResponse, error) {
	for {
		response, err := stream.Recv()
		if err != nil {
			return nil, fmt.Errorf("waiting for %s: %w", kind, err)
		}
		if response.TypeUrl == kind {
			return response, nil
		}
	}
}

func nodeOf(proxy Proxy) (*core.Node, error) {
	labels := map[string]any{}
	for name, value := range proxy.Labels {
		labels[name] = value
	}
	metadata, err := structpb.NewStruct(map[string]any{
		"NAMESPACE": proxy.Namespace, "LABELS": labels, "CLUSTER_ID": "Kubernetes", "ISTIO_VERSION": "1.31.0", "INTERCEPTION_MODE": "REDIRECT",
	})
	if err != nil {
		return nil, fmt.Errorf("making the node: %w", err)
	}
	id := fmt.Sprintf("sidecar~10.244.0.1~proxy.%s~%s.svc.cluster.local", proxy.Namespace, proxy.Namespace)
	return &core.Node{Id: id, Metadata: metadata}, nil
}

func read(response *discovery.DiscoveryResponse, answer *Answer) error {
	for _, resource := range response.Resources {
		switch response.TypeUrl {
		case clusterType:
			made := &cluster.Cluster{}
			if err := resource.UnmarshalTo(made); err != nil {
				return fmt.Errorf("reading a cluster: %w", err)
			}
			answer.Clusters[made.Name] = clientTLS(made)
		case listenerType:
			made := &listener.Listener{}
			if err := resource.UnmarshalTo(made); err != nil {
				return fmt.Errorf("reading a listener: %w", err)
			}
			if made.Name == inbound {
				answer.Modes = modes(made)
			}
		}
	}
	return nil
}

func clientTLS(made *cluster.Cluster) string {
	switch {
	case len(made.TransportSocketMatches) > 0:
		return "auto"
	case made.TransportSocket != nil && made.TransportSocket.Name == "envoy.transport_sockets.tls":
		return "tls"
	default:
		return "plaintext"
	}
}

// modes tells for each port whether its filter chains end TLS, take plaintext, or both.
func modes(made *listener.Listener) map[string]string {
	type kinds struct{ tls, plaintext bool }
	found := map[uint32]*kinds{}
	for _, chain := range made.FilterChains {
		port := chain.GetFilterChainMatch().GetDestinationPort().GetValue()
		if port == inboundPort {
			continue // What was sent to the proxy itself ends there.
		}
		if found[port] == nil {
			found[port] = &kinds{}
		}
		if chain.TransportSocket != nil {
			found[port].tls = true
		} else {
			found[port].plaintext = true
		}
	}
	ports := make([]int, 0, len(found))
	for port := range found {
		ports = append(ports, int(port))
	}
	sort.Ints(ports)
	result := map[string]string{}
	for _, port := range ports {
		switch of := found[uint32(port)]; {
		case of.tls && of.plaintext:
			result[strconv.Itoa(port)] = "PERMISSIVE"
		case of.tls:
			result[strconv.Itoa(port)] = "STRICT"
		default:
			result[strconv.Itoa(port)] = "DISABLE"
		}
	}
	return result
}
