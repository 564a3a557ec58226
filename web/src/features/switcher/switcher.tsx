// oxlint-disable jsx-a11y/click-events-have-key-events -- the keys of a listbox are handled by the field that it belongs to.
import { i18n } from "@lingui/core";
import { Alert, Input, Modal } from "antd";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { isPlainEnter } from "../../ui/keys.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { UnreadBadges } from "../rooms/unread-badges.js";
import { useCreateRoom } from "../rooms/use-create-room.js";
import type { Place } from "./places.js";
import { usePlaces } from "./use-places.js";

interface OptionProps {
  readonly id: string;
  readonly place: Place;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Option({ id, place, isActive, onPoint, onChoose }: OptionProps) {
  const isPerson = place.kind === "person" || place.isDirect;
  const unread = place.kind === "room" && place.unreadCount > 0;
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className="place"
      data-unread={unread || undefined}
      // Pointing chooses nothing while the list only scrolls under a pointer that rests.
      onMouseMove={onPoint}
      onClick={onChoose}
    >
      <UserAvatar id={place.avatarId} name={place.name} size={28} shape={isPerson ? "circle" : "square"} />
      <span className="place-name ellipsis">{place.name}</span>
      <span className="meta ellipsis">{isPerson ? `@${place.detail}` : place.detail}</span>
      <span className="spacer" />
      {place.kind === "person" && <span className="tag">{i18n.t("New")}</span>}
      {place.kind === "room" && unread && <UnreadBadges unread={place.unreadCount} mentions={place.mentionCount} />}
    </div>
  );
}

/** Which of the list is meant: the first one after every change of what is typed, then by the arrows. */
function useActive(typed: string, count: number) {
  const [active, setActive] = useState({ typed, index: 0 });
  const index = active.typed === typed ? Math.min(active.index, Math.max(count - 1, 0)) : 0;
  const set = (next: number): void => {
    if (next !== index || active.typed !== typed) setActive({ typed, index: next });
  };
  const move = (step: number): void => set(count === 0 ? 0 : (index + step + count) % count);
  return { index, set, move };
}

function useGo(onClose: () => void) {
  const navigate = useNavigate();
  const { createRoom, isBusy, problem } = useCreateRoom(onClose);
  const go = (place: Place | undefined): void => {
    if (!place || isBusy) return;
    if (place.kind === "person") {
      return void createRoom({ type: "DIRECT", projectId: place.projectId, participantIds: [place.id] });
    }
    onClose();
    void navigate(`/rooms/${place.id}`);
  };
  return { go, problem };
}

/** Goes anywhere by a few letters: rooms, and people of one's projects. */
export function Switcher({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const places = usePlaces(typed);
  const active = useActive(typed, places.length);
  const { go, problem } = useGo(onClose);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const optionId = (index: number): string => `${listId}-${index}`;
  const move = (step: 1 | -1): void => {
    active.move(step);
    const count = places.length;
    list.current?.children[(active.index + step + count) % count]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (isPlainEnter(event)) go(places[active.index]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open
      title={<span className="visually-hidden">{i18n.t("Go to")}</span>}
      styles={{ header: { margin: 0 } }}
      footer={null}
      closable={false}
      onCancel={onClose}
      width={560}
      className="switcher"
    >
      <Input
        autoFocus
        variant="borderless"
        size="large"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={places.length > 0 ? optionId(active.index) : undefined}
        aria-label={i18n.t("Go to a room or a person")}
        placeholder={i18n.t("Go to a room or a person")}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {problem && <Alert type="error" showIcon title={problem} />}
      <div ref={list} id={listId} role="listbox" aria-label={i18n.t("Rooms and people")} className="places">
        {places.map((place, index) => (
          <Option
            key={`${place.kind}-${place.id}`}
            id={optionId(index)}
            place={place}
            isActive={index === active.index}
            onPoint={() => active.set(index)}
            onChoose={() => go(place)}
          />
        ))}
      </div>
      {places.length === 0 && (
        <p className="places-none">{i18n.t("No room and nobody in your projects by that name.")}</p>
      )}
      <p className="places-hint meta for-keys">{i18n.t("↑ ↓ to move, Enter to open, Esc to close")}</p>
    </Modal>
  );
}
