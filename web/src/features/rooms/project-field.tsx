import { i18n } from "@lingui/core";
import { useQuery } from "@apollo/client/react";
import { Form, Select } from "antd";
import { graphql } from "../../gql/gql.js";

const MyProjects = graphql(`
  query MyProjects {
    chatProjects {
      id
      chatName
    }
  }
`);

/** The viewer's projects, as options; the first one is where things start. */
export function useProjects(): readonly { readonly value: string; readonly label: string }[] {
  const { data } = useQuery(MyProjects);
  return (data?.chatProjects ?? []).map(({ id, chatName }) => ({ value: id, label: chatName ?? id }));
}

/** Asks for the project, when there is a choice. */
export function ProjectField({ projects }: { readonly projects: ReturnType<typeof useProjects> }) {
  return (
    <Form.Item
      name="projectId"
      label={i18n.t("Project")}
      hidden={projects.length < 2}
      rules={[{ required: true, message: i18n.t("Choose a project.") }]}
    >
      <Select options={[...projects]} />
    </Form.Item>
  );
}
