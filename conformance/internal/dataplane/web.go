//go:build linux

package dataplane

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
)

// queued is a listener whose connections others have taken.
type queued struct {
	conns chan net.Conn
	ended chan struct{}
}

func (q *queued) Accept() (net.Conn, error) {
	select {
	case conn := <-q.conns:
		return conn, nil
	case <-q.ended:
		return nil, net.ErrClosed
	}
}

func (q *queued) Close() error {
	select {
	case <-q.ended:
	default:
		close(q.ended)
	}
	return nil
}

func (q *queued) Addr() net.Addr { return &net.TCPAddr{} }

type arrivalKey struct{}

func contextOf(ctx context.Context, conn net.Conn) context.Context {
	if c, isArrived := conn.(*arrived); isArrived {
		return context.WithValue(ctx, arrivalKey{}, c.Arrival)
	}
	return ctx
}

func answerHTTP(answer http.ResponseWriter, request *http.Request) {
	arrival, _ := request.Context().Value(arrivalKey{}).(Arrival)
	answer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(answer).Encode(arrival)
}
