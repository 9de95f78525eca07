//go:build linux

package dataplane

import (
	"net"
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// namesPort is where the cluster's DNS answers, at the world's address.
const namesPort = 53

// elsewhere is where a name leads that the cluster's DNS doesn't hold.
const elsewhere = "203.0.113.1"

// resolve gives the addresses of a name as a pod of a namespace finds them, or
// of an address itself: none for a name of the cluster's own that nobody has.
func resolve(server *istiod.Server, host, namespace string) []string {
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return []string{host}
	}
	if addresses, known := server.Cluster.Lookup(host, namespace); known {
		return addresses
	}
	if server.Cluster.IsOwnName(host) {
		return nil
	}
	return []string{elsewhere}
}

// answerNames is the cluster's DNS, for proxies that look up the host of each
// call.
func answerNames(server *istiod.Server, conn net.PacketConn) {
	buffer := make([]byte, 1500)
	for {
		size, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var asked dnsmessage.Message
		if err := asked.Unpack(buffer[:size]); err != nil || len(asked.Questions) == 0 {
			continue
		}
		if answer, err := answerTo(server, asked); err == nil {
			conn.WriteTo(answer, from)
		}
	}
}

func answerTo(server *istiod.Server, asked dnsmessage.Message) ([]byte, error) {
	question := asked.Questions[0]
	answer := dnsmessage.Message{Questions: asked.Questions}
	answer.ID, answer.Response, answer.Authoritative = asked.ID, true, true
	if question.Type == dnsmessage.TypeA {
		for _, address := range resolve(server, question.Name.String(), "") {
			answer.Answers = append(answer.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET, TTL: 60},
				Body:   &dnsmessage.AResource{A: netip.MustParseAddr(address).As4()},
			})
		}
	}
	return answer.Pack()
}
