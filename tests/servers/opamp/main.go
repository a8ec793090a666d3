// An OpAMP server for the tests: the official server of opamp-go, which remembers what agents report, shows it as JSON,
// and offers the configuration that it is given.
//
//	GET    /agents           what each agent reported, by its instance id
//	PUT    /config           offer the body; ?name= is the entry of the map, Content-Type that of the entry
//	DELETE /config           offer an empty map
//
// It prints its address as one line, and ends with its standard input, so that no test leaves one behind.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/open-telemetry/opamp-go/protobufs"
	"github.com/open-telemetry/opamp-go/server"
	"github.com/open-telemetry/opamp-go/server/types"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// agent is what one agent reported: the last of each field, and every message as it came.
type agent struct {
	State    *protobufs.AgentToServer
	Messages []json.RawMessage
	Headers  http.Header
}

type book struct {
	mutex   sync.Mutex
	agents  map[string]*agent
	offered *protobufs.AgentRemoteConfig
}

// received notes a message and gives the answer: the offered configuration where the agent has another one.
func (b *book) received(headers http.Header, message *protobufs.AgentToServer) *protobufs.ServerToAgent {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	answer := &protobufs.ServerToAgent{InstanceUid: message.InstanceUid}
	id := hex.EncodeToString(message.InstanceUid)
	known := b.agents[id]
	if known == nil {
		known = &agent{State: &protobufs.AgentToServer{}}
		b.agents[id] = known
	}
	// The specification's rule for lost messages (AgentToServer.sequence_num): ask for everything.
	if message.AgentDescription == nil &&
		(known.State.AgentDescription == nil || message.SequenceNum != known.State.SequenceNum+1) {
		answer.Flags = uint64(protobufs.ServerToAgentFlags_ServerToAgentFlags_ReportFullState)
	}
	written, _ := protojson.Marshal(message)
	known.Messages = append(known.Messages, written)
	known.Headers = headers
	merge(known.State, message)
	if b.offered != nil && string(known.State.GetRemoteConfigStatus().GetLastRemoteConfigHash()) != string(b.offered.ConfigHash) {
		answer.RemoteConfig = b.offered
	}
	return answer
}

// merge keeps the last of each field; proto.Merge alone would join the lists within.
func merge(state, message *protobufs.AgentToServer) {
	fresh := proto.Clone(message).(*protobufs.AgentToServer)
	into, from := state.ProtoReflect(), fresh.ProtoReflect()
	fields := from.Descriptor().Fields()
	for i := 0; i < fields.Len(); i++ {
		if field := fields.Get(i); from.Has(field) {
			into.Set(field, from.Get(field))
		}
	}
}

func (b *book) show(response http.ResponseWriter, _ *http.Request) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	shown := map[string]any{}
	for id, known := range b.agents {
		state, _ := protojson.Marshal(known.State)
		shown[id] = map[string]any{
			"state": json.RawMessage(state), "messages": known.Messages, "headers": known.Headers,
		}
	}
	response.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(response).Encode(shown)
}

func (b *book) offer(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	name, kind := request.URL.Query().Get("name"), request.Header.Get("Content-Type")
	files := map[string]*protobufs.AgentConfigFile{}
	if request.Method == http.MethodPut {
		files[name] = &protobufs.AgentConfigFile{Body: body, ContentType: kind}
	}
	hash := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %q", request.Method, name, kind, body))
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.offered = &protobufs.AgentRemoteConfig{
		Config: &protobufs.AgentConfigMap{ConfigMap: files}, ConfigHash: hash[:],
	}
}

func (b *book) connecting(request *http.Request) types.ConnectionResponse {
	headers := request.Header.Clone()
	return types.ConnectionResponse{
		Accept: true,
		ConnectionCallbacks: types.ConnectionCallbacks{
			OnMessage: func(
				_ context.Context, _ types.Connection, message *protobufs.AgentToServer,
			) *protobufs.ServerToAgent {
				return b.received(headers, message)
			},
		},
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen at")
	flag.Parse()
	records := &book{agents: map[string]*agent{}}
	opamp := server.New(nil)
	handle, connContext, err := opamp.Attach(server.Settings{Callbacks: types.Callbacks{OnConnecting: records.connecting}})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/opamp", handle)
	mux.HandleFunc("GET /agents", records.show)
	mux.HandleFunc("PUT /config", records.offer)
	mux.HandleFunc("DELETE /config", records.offer)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal((&http.Server{Handler: mux, ConnContext: connContext}).Serve(listener))
}
