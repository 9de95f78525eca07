//go:build linux

package dataplane

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
)

// callLine is long enough to tell it from all else that applications take.
const callLine = "call for an answer\n"

// callTime is how long a call may take.
const callTime = 1500 * time.Millisecond

// call makes one call as an application does, and gives what the server says
// of it.
func (n *namespace) call(made connections.Attempt, request string) (*Arrival, error) {
	conn, err := n.dial(net.JoinHostPort(made.Address, strconv.Itoa(made.Port)), callTime)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(callTime))
	return converse(conn, made.Kind, made, request)
}

// requests are what routes tell apart: paths, and a header.
var requests = []string{"/ HTTP/1.1", "/api HTTP/1.1", "/x HTTP/1.1\r\nend: user"}

// converse speaks on a connection that was made: HTTP, a line, a line within
// TLS of the application's own, or nothing until the server has spoken.
func converse(conn net.Conn, kind string, made connections.Attempt, request string) (*Arrival, error) {
	switch kind {
	case "http":
		return get(conn, made, request)
	case "tls":
		secured := tls.Client(conn, &tls.Config{ServerName: made.Name, InsecureSkipVerify: true})
		if err := secured.Handshake(); err != nil {
			return nil, fmt.Errorf("the application's TLS: %w", err)
		}
		return converse(secured, "tcp", made, request)
	case "tcp":
		if _, err := conn.Write([]byte(callLine)); err != nil {
			return nil, err
		}
	}
	line, err := bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	return arrivalIn(line)
}

func get(conn net.Conn, made connections.Attempt, request string) (*Arrival, error) {
	host := made.Name
	if made.Port != 80 {
		host = net.JoinHostPort(made.Name, strconv.Itoa(made.Port))
	}
	return ask(conn, bufio.NewReader(conn), fmt.Sprintf("GET %s\r\nHost: %s\r\nConnection: close\r\n\r\n", request, host))
}

// ask sends a request, and reads the answer.
func ask(conn net.Conn, reader *bufio.Reader, request string) (*Arrival, error) {
	if _, err := conn.Write([]byte(request)); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body := make([]byte, 4096)
	size, _ := response.Body.Read(body)
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d: %s", response.StatusCode, body[:size])
	}
	return arrivalIn(body[:size])
}

func arrivalIn(text []byte) (*Arrival, error) {
	arrival := &Arrival{}
	if err := json.Unmarshal(text, arrival); err != nil || arrival.Server == "" {
		return nil, fmt.Errorf("an answer that is none: %q", text)
	}
	return arrival, nil
}
